"""Lives of purchases and sanctions, walked at random through the services, beside models that know what must hold."""
