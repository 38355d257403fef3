"""What follows the contract: milestones, deliveries, acceptance, money as facts, and how it ends."""
