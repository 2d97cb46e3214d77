WITH book_sales AS (
    SELECT b.category, i.book_id, b.title,
           SUM(i.quantity) AS total_sold,
           SUM(CAST(i.subtotal AS decimal(18,2))) AS total_revenue
    FROM purchases p
    CROSS JOIN UNNEST(p.items) AS i(book_id, title, quantity, unit_price, subtotal, vat_rate)
    JOIN books b ON b.book_id = i.book_id
    WHERE p.year = ? AND p.month = ? AND p.tenant_id = ? AND b.tenant_id = ?
      AND p.status NOT IN ('cancelled', 'refunded')
    GROUP BY b.category, i.book_id, b.title
),
ranked AS (
    SELECT category, title, total_sold, total_revenue,
           ROW_NUMBER() OVER (PARTITION BY category ORDER BY total_sold DESC, total_revenue DESC, book_id) AS place
    FROM book_sales
)
SELECT category, title, total_sold, total_revenue, place FROM ranked WHERE place <= 5 ORDER BY category, place
