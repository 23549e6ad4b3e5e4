"""Work that runs outside requests. The rooms above register what runs."""
