"""The recorder: looks at every tenant's stores on the policy's interval, also while no console is open."""
