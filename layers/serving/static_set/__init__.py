"""The static set (静态发布包): layers as files that any file server can host, with a viewer."""
