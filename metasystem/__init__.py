import os

# Workers are processes already: threads of the matrix library would only fight them for the same cores. Before NumPy.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
