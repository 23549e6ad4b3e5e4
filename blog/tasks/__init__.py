"""Work that runs outside requests. Rooms of higher tiers register their tasks here."""
