"""What the integration tests share: independent USMP devices, the daemon under test, and sample backends."""
