SELECT
    tenant_id,
    COUNT(*) AS total_purchases,
    SUM(CAST(total_amount AS decimal(18,2))) AS total_revenue,
    AVG(CAST(total_amount AS decimal(18,2))) AS avg_order_value
FROM purchases
WHERE year = ? AND month = ? AND tenant_id = ?
  AND status NOT IN ('cancelled', 'refunded')
GROUP BY tenant_id
