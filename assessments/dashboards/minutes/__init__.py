"""What the minutes of a workshop say."""
