"""The emulated AWS: moto in proxy mode, corrected where its answers differ from AWS's."""
