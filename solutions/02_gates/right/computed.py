def 가중치(기울기, 문턱):
    print("문턱:", 문턱)
    return 기울기, 기울기, -문턱


AND = 가중치(1, 1.2)
NAND = tuple(-x for x in AND)
OR = 가중치(1, 0.3)
NOR = tuple(-x for x in OR)
A_NOT_B = 0.9, -0.9, -0.3

if __name__ == "__main__":
    print(AND)
