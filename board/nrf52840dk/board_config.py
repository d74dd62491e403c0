# How this board is wired. A copy of this file on the board's file system goes before the one in ROMFS or in the image,
# so another bench edits a copy and no more: deploy.md. No const() here: a build would put the values where they are
# used.

PULSE = 11  # pin of the contact, closed to ground: button 1
PULSE_DM3 = 1
LED = 13  # LED 1, lit by a low level
