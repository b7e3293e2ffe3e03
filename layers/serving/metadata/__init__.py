"""The layers as metadata records (元数据): OGC API – Records, DCAT and ISO 19139 of each."""
