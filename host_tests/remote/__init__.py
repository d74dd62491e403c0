"""Messages of remote parties: from the Supplier through the hub's tunnel to the meter, and back."""
