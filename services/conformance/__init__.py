"""Whether another's internal API keeps to the contract: our OpenAPI document, driven by schemathesis, and what no
document can say: order of refusals, pages to their end, conditions, strictness. Asks over HTTP and knows no database.
"""
