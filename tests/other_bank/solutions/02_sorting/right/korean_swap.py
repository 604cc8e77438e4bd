import numpy


def 바꾸기(줄, 왼쪽):
    임시 = 줄[왼쪽]
    줄[왼쪽] = 줄[왼쪽 + 1]
    줄[왼쪽 + 1] = 임시


def one_pass(row):
    줄 = numpy.array(row)
    왼쪽 = 0
    while 왼쪽 < len(줄) - 1:
        if 줄[왼쪽] > 줄[왼쪽 + 1]:
            바꾸기(줄, 왼쪽)
        왼쪽 += 1
    print(줄)
    return 줄


def passes(row):
    횟수 = 0
    while not numpy.array_equal(row, numpy.sort(row)):
        row = one_pass(row)
        횟수 += 1
    return 횟수
