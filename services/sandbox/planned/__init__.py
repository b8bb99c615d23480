"""Resources to plant in AWS, each a plain fact: what an account and region hold before anything is served."""
