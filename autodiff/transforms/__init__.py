"""Functions made of functions, for every derivative of every order."""
