"""From what AWS answered to a tenant's stores: joined, dated, attributed. Pure; asks nobody anything."""
