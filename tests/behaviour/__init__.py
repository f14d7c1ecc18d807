"""What people see, written once and run on every platform."""
