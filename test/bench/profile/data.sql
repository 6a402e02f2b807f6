-- lead(attributes, converted): 20 attributes each, and model(profile) learned from them.  Everything follows from hashes.
CREATE TABLE lead AS
SELECT jsonb_build_object(
		'country', 'country ' || (h1 & 63), 'industry', 'industry ' || (h1 >> 6 & 15), 'source', 'source ' || (h1 >> 10 & 7), 'campaign', 'campaign ' || (h1 >> 13 & 511),
		'language', 'lang ' || (h1 >> 22 & 3), 'city', 'city ' || (h1 >> 24 & 1023), 'title', 'title ' || (h1 >> 34 & 127), 'form', 'form ' || (h1 >> 41 & 31),
		'rating', h1 >> 46 & 7, 'pages', h1 >> 49 & 63, 'demo', h1 >> 55 & 1 = 0, 'newsletter', h1 >> 56 & 3 = 0,
		'employees', h2 & 4095, 'revenue', round((h2 >> 12 & 1048575) * 3.17, 2), 'visits', h2 >> 32 & 255, 'age_days', h2 >> 40 & 1023,
		'budget', (h2 >> 50 & 127) * 1000, 'seats', h2 >> 57 & 15, 'opened', h2 >> 61 & 1 = 1, 'technology', 'tech ' || (h2 >> 20 & 255)) AS attributes,
	(h1 >> 4 & 127) + (h2 & 4095) / 64 > 120 AS converted
FROM (SELECT hashint8extended(n, 1) AS h1, hashint8extended(n, 2) AS h2 FROM generate_series(1::bigint, :leads) n) s;
VACUUM (FREEZE, ANALYZE) lead;
CREATE TABLE model AS SELECT lead_profile(attributes, converted) AS profile FROM lead;
ANALYZE model;
