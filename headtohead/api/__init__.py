"""The API map: rows that pair names of both frameworks, run on the same inputs and compared."""
