// Package notebook executes Jupyter notebooks without Jupyter: it reads
// nbformat 4, runs the code cells through a session over a connection in
// memory, shows the results in the terminal, and writes the executed notebook.
package notebook
