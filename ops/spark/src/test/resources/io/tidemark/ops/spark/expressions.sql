-- columns as they are
b
ti
si
i
l
f
d
dec
s
t
bin
dt
ts
ntz
arr
m
st
sarr
-- arithmetic
i + 1L
l - l
ti + ti * 0
CAST(ti AS INT) * 3
si % 7
i % 5
mod(l, 7)
-d
d + dec
f * 2
f / 3
d / 3
dec + dec
dec * dec
dec / 3
dec - 1
dec % 0.3
CAST(i AS BIGINT) * i
i / 2
i DIV 2
l DIV 3
try_add(i, 1)
try_divide(i, 0)
try_multiply(l, 2)
try_subtract(i, 2147483647)
abs(si)
abs(dec)
abs(d)
round(d, 2)
round(dec, 1)
round(2.5)
round(-2.5)
round(f)
bround(d, 1)
floor(d)
ceil(dec)
floor(dec)
ceil(CAST(si AS DOUBLE) / 7)
sqrt(abs(d))
power(2, CAST(ti AS DOUBLE) / 64)
sign(d)
greatest(i, 0, ti)
least(d, 0D, f)
pmod(i, 3)
-- arithmetic that fails
i + 1
l + 1
-i
ti * ti
1 / i
i % 0
abs(i)
dec * 99999999.99BD * 99999999.99BD * 99999999.99BD * 99999999.99BD
-- comparison and logic
i > 0
i = ti
d < dec
s < 'B'
i <=> NULL
b AND i > 0
b OR i > 0
NOT b
b AND NULL
NULL OR TRUE
i BETWEEN 0 AND 100
i NOT BETWEEN 0 AND 100
i IN (42, 7)
i IN (42, NULL)
i NOT IN (42, NULL)
s IN ('', 'ABCabc')
s LIKE '%l%'
s LIKE 'a\\_b%'
s LIKE '_______'
s NOT LIKE 'H%'
s ILIKE 'abc%'
s RLIKE '^[A-Z]'
s IS NULL
s IS NOT NULL
isnull(i)
isnotnull(i)
d = CAST('NaN' AS DOUBLE)
CAST('NaN' AS DOUBLE) > d
f = 0.1
f = CAST(0.1 AS FLOAT)
dt > DATE '2000-01-01'
ts >= TIMESTAMP '2024-02-29 00:00:00'
ts > dt
-- conditionals
CASE WHEN i > 0 THEN 'plus' WHEN i < 0 THEN 'minus' END
CASE i WHEN 42 THEN 1 WHEN 7 THEN 2.5 ELSE 0 END
if(b, s, 'no')
coalesce(s, 'none')
coalesce(i, l, 0)
nullif(i, 42)
ifnull(i, -1)
nvl(s, 'x')
nvl2(s, 1, 2)
-- strings
length(s)
char_length(s)
octet_length(s)
upper(s)
lower(s)
trim(t)
ltrim(t)
rtrim(t)
trim(BOTH 'H' FROM s)
btrim(t)
concat(s, '-', t)
s || i
concat_ws('/', s, t, 'z')
substring(s, 2, 3)
substring(s, -3)
substring(s, 0, 2)
substr(s, 3)
left(s, 2)
right(s, 2)
split(s, ',')
split(s, '[ab]')
split(s, ' ', 2)
replace(s, 'l', 'LL')
regexp_replace(s, '[aeiou]', '*')
regexp_extract(s, '([a-z]+)', 1)
instr(s, 'o')
locate('l', s)
position('o' IN s)
lpad(s, 5, '*')
rpad(s, 14, '#')
repeat('ab', CAST(ti % 4 AS INT))
reverse(s)
initcap(s)
startswith(s, 'H')
endswith(s, 'c')
contains(s, 'b')
ascii(s)
hex(l)
hex(bin)
md5(bin)
sha2(s, 256)
base64(bin)
translate(s, 'abc', 'xyz')
split_part(s, ',', 1)
-- casts
CAST(i AS STRING)
CAST(f AS STRING)
CAST(d AS STRING)
CAST(dec AS STRING)
CAST(b AS STRING)
CAST(dt AS STRING)
CAST(ts AS STRING)
CAST(ntz AS STRING)
CAST(arr AS STRING)
CAST(m AS STRING)
CAST(st AS STRING)
CAST(bin AS STRING)
CAST(s AS BINARY)
CAST(b AS INT)
CAST(i AS BOOLEAN)
CAST(dec AS DOUBLE)
CAST(dec AS INT)
CAST(ti AS DECIMAL(5, 1))
CAST(d AS DECIMAL(38, 10))
CAST(ts AS DATE)
CAST(dt AS TIMESTAMP)
CAST(ts AS BIGINT)
CAST(ts AS DOUBLE)
CAST(i AS TIMESTAMP)
CAST(arr AS ARRAY<STRING>)
CAST('  7 ' AS INT)
CAST('1e3' AS DOUBLE)
CAST('true' AS BOOLEAN)
CAST('2026-1-5' AS DATE)
CAST('2026-11-20T03:38:59.777+01:00' AS TIMESTAMP)
try_cast(s AS INT)
try_cast(t AS DOUBLE)
try_cast(t AS INT)
try_cast(s AS DATE)
try_cast(t AS TIMESTAMP)
try_cast(l AS INT)
try_cast(d AS INT)
-- casts that fail
CAST(s AS INT)
CAST(l AS INT)
CAST(i AS TINYINT)
CAST(d AS INT)
CAST(s AS DATE)
CAST(t AS TIMESTAMP)
CAST(t AS BOOLEAN)
CAST(dec AS DECIMAL(4, 2))
CAST(s AS DOUBLE)
CAST(ts AS INT)
-- dates and times
year(dt)
month(dt)
day(dt)
dayofmonth(ts)
dayofweek(dt)
dayofyear(dt)
weekofyear(dt)
weekday(dt)
quarter(ts)
hour(ts)
minute(ts)
second(ts)
extract(YEAR FROM ts)
extract(SECOND FROM ts)
date_part('month', dt)
date_trunc('HOUR', ts)
date_trunc('week', ts)
date_trunc('month', ts)
date_trunc('quarter', ts)
date_trunc('millisecond', ts)
trunc(dt, 'MM')
trunc(dt, 'week')
to_date('2026-11-20')
to_date('20/11/2026', 'dd/MM/yyyy')
to_timestamp('2026-11-20 03:38:59.777')
to_timestamp('20.11.2026 03:38', 'dd.MM.yyyy HH:mm')
try_to_timestamp(t)
unix_timestamp(ts)
unix_timestamp('2026-11-20 03:38:59')
from_unixtime(l % 100000)
timestamp_millis(i)
timestamp_micros(i)
timestamp_seconds(i)
unix_millis(ts)
unix_micros(ts)
date_format(ts, 'yyyy-MM-dd HH:mm:ss.SSS')
date_add(dt, 1)
date_sub(dt, 31)
datediff(dt, DATE '2000-01-01')
add_months(dt, 1)
last_day(dt)
dt + 1
make_date(2026, 2, 28)
ts + INTERVAL 10 MINUTES
INTERVAL '1' DAY + ts
ts - INTERVAL '1 hour 30 minutes'
ts + INTERVAL '1-2' YEAR TO MONTH
ntz - INTERVAL '1 02:03:04.5' DAY TO SECOND
dt + INTERVAL 1 MONTH
dt - INTERVAL 2 DAYS
dt + INTERVAL 1 SECOND
ts > ts - INTERVAL 1 HOUR
-- dates that fail
to_timestamp(s)
to_date('2026-13-01')
make_date(2026, 2, 30)
-- nested values
st.a
st.b
arr[0]
try_element_at(arr, 1)
m['a']
try_element_at(m, 'x')
element_at(m, 'a')
size(arr)
size(m)
cardinality(sarr)
array(i, l, NULL)
map('k', i, 'l', ti)
struct(i, s AS t)
named_struct('x', i, 'y', st)
named_struct('x', i).x
array_contains(arr, 1)
array_join(sarr, '+')
array_join(sarr, '+', '?')
map_keys(m)
map_values(m)
sort_array(arr)
array_distinct(sarr)
array_max(arr)
slice(arr, 1, 2)
-- nested access that fails
arr[1]
element_at(arr, 9)
element_at(arr, 0)
-- json
to_json(st)
to_json(struct(i, d, s, dt, ts, arr, m, bin, dec))
to_json(arr)
to_json(m)
from_json('{"a":1,"b":"x"}', 'a INT, b STRING')
from_json('{"a":"1","b":2}', 'a INT, b STRING')
from_json('{"a":1.7}', 'a INT')
from_json('{"a":{"b":[1,2,null]}}', 'a STRUCT<b: ARRAY<INT>>')
from_json('{"a":{"x":1}}', 'a MAP<STRING, INT>')
from_json('{"a":{"x":1}}', 'a STRING')
from_json('{"A":1}', 'a INT')
from_json('{"a":1', 'a INT')
from_json('{"a":1', 'a INT, _corrupt_record STRING', map('columnNameOfCorruptRecord', '_corrupt_record'))
from_json('not json', 'a INT')
from_json('', 'a INT')
from_json('[{"a":1}]', 'a INT')
from_json('[1,2,3]', 'ARRAY<INT>')
from_json('null', 'a INT')
from_json('{"a":"2026-11-20","b":"2026-11-20T03:38:59Z"}', 'a DATE, b TIMESTAMP')
from_json('{"a":"20/11/2026"}', 'a DATE', map('dateFormat', 'dd/MM/yyyy'))
from_json('{"a":1e3,"b":1e3,"c":12.345}', 'a DOUBLE, b BIGINT, c DECIMAL(5, 2)')
from_json('{"a":true,"b":"true"}', 'a BOOLEAN, b BOOLEAN')
from_json('{"a":1}', 'a INT', map('mode', 'FAILFAST'))
from_json('{"a":"x"}', 'a INT', map('mode', 'FAILFAST'))
from_json(s, 'a INT')
get_json_object('{"a":{"b":[10,20]}}', '$.a.b[1]')
-- queries that are no queries
nosuch
nosuchfunction(i)
i +
s + DATE '2020-01-01'
upper(i, i)
st.z
CAST(arr AS INT)
b + 1
