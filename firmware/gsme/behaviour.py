# What differs between GBCS 4.0, the draft of IRP550 and MP078: one row each.

from micropython import const

from . import access

GBCS_4_0 = const(0)
IRP550_DRAFT = const(1)
MP078 = const(2)

# How a GCS20r that cannot be answered is refused
SILENT = const(0)  # GBCS 4.0 defines no answer
UNCORRECTED = const(1)  # direction as in the request: the slip that IRP604 corrects
CORRECTED = const(2)  # direction inverted, as of every Default Response

# behaviour -> (refusal of GCS20r, right that reading the Security Log needs)
TABLE = (
    (SILENT, access.READ_SECURITY_LOG_BEFORE_MP078),  # GBCS_4_0
    (UNCORRECTED, access.READ_SECURITY_LOG_BEFORE_MP078),  # IRP550_DRAFT
    (CORRECTED, access.READ_SECURITY_LOG),  # MP078                  MP078-550-2, -604-1, -603-1
)


class Behaviour:
    def __init__(self):
        self.set(MP078)

    def set(self, number):
        self.number = number
        self.refusal, self.security_log_right = TABLE[number]
