// An array of a segment: owned while the segment is built, or a view into a mapped file.
#pragma once

#include <cstddef>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

namespace estante::search {

// Reads like a span. The mutating members are only for an owned array.
template <class T> class SegmentArray {
    static_assert(std::is_trivially_copyable_v<T>); // a file holds its bytes

public:
    using value_type = T;

    SegmentArray() = default;
    SegmentArray(std::vector<T> values) : own_(std::move(values)), view_(own_) {} // NOLINT(google-explicit-constructor)
    // The memory must outlive it.
    static SegmentArray mapped(std::span<const T> values)
    {
        SegmentArray array;
        array.view_ = values;
        return array;
    }
    SegmentArray(const SegmentArray&) = delete;
    SegmentArray& operator=(const SegmentArray&) = delete;
    SegmentArray(SegmentArray&& other) noexcept : own_(std::move(other.own_)), view_(std::exchange(other.view_, {})) {}
    SegmentArray& operator=(SegmentArray&& other) noexcept
    {
        own_ = std::move(other.own_);
        view_ = std::exchange(other.view_, {});
        return *this;
    }
    ~SegmentArray() = default;

    std::size_t size() const { return view_.size(); }
    bool empty() const { return view_.empty(); }
    const T* data() const { return view_.data(); }
    const T* begin() const { return view_.data(); }
    const T* end() const { return view_.data() + view_.size(); }
    const T& operator[](std::size_t at) const { return view_[at]; }
    const T& back() const { return view_.back(); }
    operator std::span<const T>() const { return view_; } // NOLINT(google-explicit-constructor)

    void push_back(const T& value)
    {
        own_.push_back(value);
        view_ = own_;
    }
    void append(std::span<const T> values)
    {
        own_.insert(own_.end(), values.begin(), values.end());
        view_ = own_;
    }
    void assign(std::size_t size, const T& value)
    {
        own_.assign(size, value);
        view_ = own_;
    }
    void resize(std::size_t size)
    {
        own_.resize(size);
        view_ = own_;
    }
    void reserve(std::size_t size)
    {
        own_.reserve(size);
        view_ = own_;
    }
    void shrink_to_fit()
    {
        own_.shrink_to_fit();
        view_ = own_;
    }
    std::span<T> mutable_values() { return own_; }

    // Heap memory; 0 for a mapped array.
    std::size_t memory_bytes() const { return own_.capacity() * sizeof(T); }

private:
    std::vector<T> own_;
    std::span<const T> view_;
};

} // namespace estante::search
