# The provisioning file that deploying has put into the file system; the folder is the board's.


# Its content, None where there is none.
def read(path):
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return None
