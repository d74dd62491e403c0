"""The bench suite on emulated boards, and what an exchange costs there."""
