"""Dual: forward accumulation, its tags, and what it refuses."""

import pytest

import autodiff as ad
from autodiff import Dual, Value


def test_a_dual_carries_its_tangent_through_every_operation():
    x = Dual(2.0, 1.0)
    y = ad.log(x) + x * 5 - ad.sin(5.0)
    assert y.tangent == 5.5


def test_a_constant_has_tangent_zero():
    assert Dual(3).tangent == 0.0
    assert ad.sin(Dual(3.0)).tangent == 0.0


def test_tag_by_hand_is_the_depth_of_nesting():
    inner = Dual(2.0, 1.0)
    outer = Dual(inner, 1.0)
    assert (inner.tag, outer.tag) == (1, 2)
    cube = outer**3
    assert (cube.data, cube.tangent.primal, cube.tangent.tangent) == (8.0, 12.0, 12.0)


def test_to_a_later_tag_an_earlier_dual_is_a_constant():
    x, y = Dual(2.0, 1.0, tag=1), Dual(5.0, 1.0, tag=2)
    product = x * y
    assert product.tag == 2
    assert (product.tangent.data, product.tangent.tag) == (2.0, 1)
    assert product.primal.tag == 1
    assert product.primal.tangent == 5.0


def test_a_tag_earlier_than_those_inside_is_refused():
    with pytest.raises(ValueError, match="tag 1 is not later than the tags inside: use at least 2"):
        Dual(Dual(2.0, 1.0), 1.0, tag=1)


def test_parts_of_a_dual_may_be_values():
    x = Value(3.0)
    y = Dual(x, 1.0) ** 2
    y.tangent.backward()  # d(2x)/dx
    assert x.grad == 2.0


def test_fresh_tags_never_come_twice():
    from autodiff.transforms.levels import following

    assert following() < following()


def test_a_tag_that_a_transform_could_have_is_refused():
    with pytest.raises(ValueError, match="tag 5000 would be taken for a transform's: use less than 1000"):
        Dual(3.0, 1.0, tag=5000)


def test_a_number_that_is_known_by_its_type_has_no_subclasses():
    with pytest.raises(TypeError, match=r"D cannot be a kind of Dual.*keep a Dual in an attribute"):

        class D(Dual):
            pass
