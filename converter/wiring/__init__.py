"""Works out the graph a program builds, by evaluating its module-level code abstractly."""
