Z = [-1, 0, 0, 1]
OUT = [0, 0, 0, 1]


def neuron(x1, x2, w1, w2, b):
    합 = 0
    for 입력, 가중치 in [(x1, w1), (x2, w2)]:
        합 += 입력 * 가중치
    합 += b
    print("합:", 합)
    if 합 > 0:
        출력 = 1
    else:
        출력 = 0
    return 출력


if __name__ == "__main__":
    print(neuron(1, 1, 1, 1, -1))
