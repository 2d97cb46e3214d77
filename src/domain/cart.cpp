#include "domain/cart.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace estante {

namespace {

auto find_line(auto& lines, const BookId& book)
{
    return std::ranges::find(lines, book, &CartLine::book_id);
}

std::unexpected<Error> no_such_line()
{
    return failure(Errc::not_found, "Ese libro no está en el carrito.", "That book is not in the cart.");
}

} // namespace

Result<void> Cart::add(const CartBook& book, std::int64_t quantity)
{
    const auto line = find_line(lines, book.id);
    const std::int64_t present = line == lines.end() ? 0 : line->quantity;
    if (present + quantity > max_quantity)
        return invalid(
            "/quantity", "out_of_range",
            fmt::format("El carrito admite {} ejemplares de un libro. Ya contiene {} de este: puede añadir {} más.",
                        max_quantity, present, max_quantity - present),
            fmt::format("A cart holds at most {} copies of a book. It has {} of this one: you can add {} more.",
                        max_quantity, present, max_quantity - present));
    if (line != lines.end()) {
        *line = {book.id, book.title, present + quantity, book.price};
        return {};
    }
    if (lines.size() >= max_lines)
        return invalid("/book_id", "out_of_range",
                       fmt::format("El carrito admite {} libros distintos. Compre o quite alguno antes de añadir otro.",
                                   max_lines),
                       fmt::format("A cart holds at most {} different books. Buy or remove one before you add another.",
                                   max_lines));
    lines.push_back({book.id, book.title, quantity, book.price});
    return {};
}

Result<void> Cart::set_quantity(const CartBook& book, std::int64_t quantity)
{
    const auto line = find_line(lines, book.id);
    if (line == lines.end())
        return no_such_line();
    *line = {book.id, book.title, quantity, book.price};
    return {};
}

Result<void> Cart::remove(const BookId& book)
{
    const auto line = find_line(lines, book);
    if (line == lines.end())
        return no_such_line();
    lines.erase(line);
    return {};
}

void Cart::merge(const Cart& other)
{
    for (const CartLine& theirs : other.lines) {
        if (const auto ours = find_line(lines, theirs.book_id); ours != lines.end()) {
            const auto sum = std::min(ours->quantity + theirs.quantity, max_quantity);
            *ours = theirs;
            ours->quantity = sum;
        } else if (lines.size() < max_lines) {
            lines.push_back(theirs);
        }
    }
}

const CartLine* Cart::line_of(const BookId& book) const
{
    const auto line = find_line(lines, book);
    return line == lines.end() ? nullptr : &*line;
}

Money Cart::total() const
{
    Money sum;
    for (const CartLine& line : lines)
        sum += line.subtotal();
    return sum;
}

} // namespace estante
