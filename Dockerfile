# One image for web, stream, worker and beat; docker-compose.yml gives each its command.
FROM python:3.13-slim-bookworm AS build
WORKDIR /build
COPY requirements/production.txt .
RUN python -m venv /venv \
 && /venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r production.txt

FROM python:3.13-slim-bookworm
RUN useradd --system --create-home metasystem
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /app
COPY --from=build /venv /venv
COPY manage.py pyproject.toml ./
COPY metasystem metasystem
COPY ecosystems ecosystems
COPY assessments assessments
COPY templates templates
COPY static static
# collectstatic needs settings, not servers: nothing of these values stays in the image
RUN SECRET_KEY=only-while-the-image-is-built-and-then-never-again-anywhere \
    DATABASE_URL=postgresql://nobody@nowhere/none REDIS_URL=redis://nowhere \
    python manage.py collectstatic --noinput --verbosity 0
USER metasystem
EXPOSE 8000
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", "--blocking-threads", "4", "--backlog", "4096", "metasystem.wsgi:application"]
