"""The private model: incidents, accountability cases, unions, batches, versions."""
