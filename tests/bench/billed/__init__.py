"""Measure bills among many stored authorizations, and bills that race for one."""
