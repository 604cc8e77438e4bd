"""The katas in nbgrader: a course to release, and its gradebook filled by the kit's own judge."""
