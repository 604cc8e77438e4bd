"""Content: a bank's folders, its katas and their files, and the code that they bring. Files in, frozen data out."""
