-- :leads leads of 20 attributes each, and a card with a rule or two on every one of them.
CREATE TABLE scored_lead AS
SELECT i AS lead_id, jsonb_build_object(
  'country', (ARRAY['FR', 'DE', 'US', 'GB', 'ES', 'IT', 'NL'])[1 + i % 7],
  'industry', (ARRAY['software', 'retail', 'bank', 'health', 'public'])[1 + i * 7 % 5],
  'title', (ARRAY['Sales Director', 'CEO', 'Engineer', 'Intern', 'VP Marketing', 'Buyer'])[1 + i * 11 % 6],
  'employees', i * 7919 % 5000,
  'revenue', i * 104729 % 1000000 / 100.0,
  'city', (ARRAY['Paris', 'Lyon', 'Berlin', 'London', 'Madrid'])[1 + i % 5],
  'language', (ARRAY['fr', 'en', 'de'])[1 + i % 3],
  'source', (ARRAY['web', 'event', 'ads', 'partner'])[1 + i % 4],
  'website', 'https://www.example-' || i % 1000 || '.com',
  'phone', CASE WHEN i % 3 = 0 THEN '+33' || i END,
  'seniority', i % 10,
  'budget', i * 31 % 100000,
  'age_days', i % 900,
  'has_crm', i % 2 = 0,
  'newsletter', i % 5 = 0,
  'subsidiary', i % 11 = 0,
  'sites', i % 40,
  'growth', (i % 200 - 100) / 10.0,
  'technology', (ARRAY['aws', 'azure', 'gcp', 'none'])[1 + i * 13 % 4],
  'segment', (ARRAY['small', 'medium', 'large'])[1 + i * 17 % 3]) AS attributes
FROM generate_series(1, :leads::bigint) AS i;

-- The same with a description beside them, long enough to be stored compressed.
CREATE TABLE described_lead AS
SELECT lead_id, attributes || jsonb_build_object('description', repeat('a line of what somebody wrote about lead ' || lead_id, 60)) AS attributes
FROM scored_lead WHERE lead_id <= :leads::bigint / 5;

CREATE TABLE card AS SELECT scorecard '{
  "fit": [
    {"attribute": "country", "op": "in", "value": ["FR", "DE", "GB"], "points": 10},
    {"attribute": "industry", "op": "=", "value": "software", "points": 10},
    {"attribute": "title", "op": "in", "value": ["CEO", "VP Marketing", "Sales Director"], "points": 15, "group": "person"},
    {"attribute": "employees", "op": "between", "value": {"from": 50, "below": 500}, "points": 10},
    {"attribute": "employees", "op": ">=", "value": 500, "points": 20},
    {"attribute": "revenue", "op": ">", "value": 1000.5, "points": 5},
    {"attribute": "city", "op": "!=", "value": "Madrid", "points": 1},
    {"attribute": "language", "op": "in", "value": ["fr", "en"], "points": 2},
    {"attribute": "source", "op": "=", "value": "partner", "points": 5},
    {"attribute": "website", "op": "is_known", "points": 1},
    {"attribute": "phone", "op": "is_known", "points": 5},
    {"attribute": "seniority", "op": ">=", "value": 7, "points": 10, "group": "person"},
    {"attribute": "budget", "op": ">=", "value": 50000, "points": 10},
    {"attribute": "age_days", "op": ">", "value": 700, "points": -5},
    {"attribute": "has_crm", "op": "=", "value": true, "points": 3},
    {"attribute": "newsletter", "op": "=", "value": true, "points": 2},
    {"attribute": "subsidiary", "op": "=", "value": true, "points": -2},
    {"attribute": "sites", "op": "between", "value": [5, 20], "points": 4},
    {"attribute": "growth", "op": "<", "value": 0, "points": -4},
    {"attribute": "technology", "op": "not_in", "value": ["none"], "points": 3},
    {"attribute": "segment", "op": "=", "value": "large", "points": 8}
  ],
  "engagement": [
    {"event": "demo_request", "points": 30},
    {"event": "page_view", "points": 1, "half_life": "7 days", "cap": 20},
    {"event": "email_click", "points": 3, "half_life": "14 days", "limit": 5},
    {"event": "unsubscribe", "points": -25, "window": "90 days"}
  ],
  "groups": {"person": {"cap": 20}},
  "fit_cap": 100
}' AS card;

-- Ten events of each lead.
CREATE TABLE scored_event AS
SELECT i % :leads AS lead_id, (ARRAY['page_view', 'page_view', 'email_click', 'email_open', 'page_view', 'demo_request', 'unsubscribe'])[1 + i * 7919 % 7] AS event,
  timestamptz '2026-01-01 00:00:00+00' + i * 104729 % 15552000 * interval '1 second' AS at
FROM generate_series(1, :leads::bigint * 10) AS i;

VACUUM ANALYZE scored_lead;
VACUUM ANALYZE described_lead;
VACUUM ANALYZE scored_event;
VACUUM ANALYZE card;
