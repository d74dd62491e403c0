"""What judges the meter's answers: tables transcribed from the specifications, and code that is not the firmware's."""
