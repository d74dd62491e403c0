// The source distribution has no extmod/, and without a file system nothing of it is used.
