"""The emulated AWS: moto in proxy mode, corrected where it answers otherwise than AWS does."""
