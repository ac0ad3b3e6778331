"""Proves that two engines do the same with a program: records, compares, reports."""
