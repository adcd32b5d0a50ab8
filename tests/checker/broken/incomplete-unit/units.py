from mkunit import Service

Service("api", user="api")  # here: incomplete-unit
