"""What leaves the house as a file: the 迎检汇总表 and the 报送质量 table.

What was given out is kept byte for byte with its hash.
"""
