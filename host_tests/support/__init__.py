"""What the suite stands on: the device under test, the record of what it said, the skips."""
