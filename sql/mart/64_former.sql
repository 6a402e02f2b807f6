-- What older formats need: functions that their views call, so that a dump of them is restored, and what create_mart made then, so that
-- upgrade_mart can tell it from what users made.

CREATE FUNCTION mart_ladder(stages text[])
RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN mart_ladder(stages, NULL::integer[], NULL::text[]);
COMMENT ON FUNCTION mart_ladder(text[]) IS 'As the views of a mart of format 1 call it: the stages as they are, after checking that there are 1 to 32.';

CREATE FUNCTION win_probability(history conversion_curve, observed interval, horizon_days integer, trials float8, level float8)
RETURNS TABLE (probability float8, probability_low float8, probability_high float8, worth float8, is_known boolean)
LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 1
BEGIN ATOMIC
	SELECT converted_within(history, t.within), low(history, t.within, level), high(history, t.within, level),
		-- No more than its own standard error is worth.
		least(trials, converted_within(history, t.within) * (1 - converted_within(history, t.within)) / power(std_error(history, t.within), 2)),
		t.is_known
	FROM
	(
		-- Beyond what anybody was observed for, as far as that goes: then it is at least so many, and never fewer than within less time.
		SELECT k.is_known, CASE WHEN k.is_known THEN make_interval(hours => 24 * horizon_days) ELSE observed END AS within
		FROM (SELECT converted_within(history, make_interval(hours => 24 * horizon_days)) IS NOT NULL AS is_known) k
	) t;
END;
COMMENT ON FUNCTION win_probability(conversion_curve, interval, integer, float8, float8) IS
'Which share of leads is won within horizon_days of 24 hours by a curve that nobody was observed on for longer than observed, with its interval at '
'the level, and how many trials it is worth: at most those given. is_known: somebody was observed for the whole horizon; else it is the share won '
'within observed. As the forecast of a mart of an older version calls it.';

CREATE FUNCTION mart_former()
RETURNS TABLE (relation text, definition text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 10
BEGIN ATOMIC
	VALUES
	('stage', 'UNIQUE (stage) DEFERRABLE'),
	('stage', 'UNIQUE (role) DEFERRABLE');
END;
COMMENT ON FUNCTION mart_former() IS
'Constraints that create_mart made in an older format under names that it does not use any more: upgrade_mart drops them. Others are the user''s.';

CREATE FUNCTION mart_former_words()
RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN string_to_array(
	'007ef06b 0126770d 019314da 01bb09bc 02210b1b 02548535 0289efb1 03505598 039ca85c 03a9a097 03d4147b 0490840a 04fbcc7e 053a9497 065121e4 '
	'067c9f13 0688dbf0 06982da8 06ca57e3 06cbfac9 06dccd65 077855f2 0879af07 08928dc9 08adcf17 0900de15 0988f942 09d13c93 09dae644 09ec6545 '
	'0a2d8634 0b0d09e5 0b25085e 0b2bcab3 0b618aad 0b7dc8de 0ce39227 0d2f766f 0de53003 0e404fed 0ee64cba 0f6321b7 0f7bc1f2 11bfb2b6 12734817 '
	'12793e9c 127bdd62 12ca1f1e 12cd3490 13fb9289 14d90178 166c3f05 1844e3bd 190b9b96 1a7e428a 1abca18c 1b3215fa 1bcb11bf 1c908b23 1d3cf754 '
	'1d7e7ca0 1dcaf151 1ecfb9a9 1eeb3c21 1ef4a631 1f4e0c4b 2023ba50 2032c5e8 20a09a65 20e56639 215a7fa2 21a1c521 21a46829 229cfcab 22d7d1f3 '
	'2306cdab 230ddccf 23f7c1d0 240e9cf3 24bb5dc8 2516ba79 2556651e 26e01091 272f08eb 27f9536a 287887ae 28bef3a8 28d66980 29541d42 299036dd '
	'29d8973b 2a5c1107 2ab85251 2b0bbe11 2ba3da4b 2d15a044 2d279673 2d8c9bc4 2ec3e5e8 2f196244 2f4267b8 2fc12c1e 30fc5cd5 32c58d51 34fe1163 '
	'350195cf 35f408a2 366ed9f2 36873ea9 37b84052 3807e56d 389daf93 38eabf5b 3a93513d 3ab6f67a 3b1be2b7 3bf9f1fb 3c781b97 3c8b1239 3ca3acb7 '
	'3d9de576 3db6317d 3e0c182f 3ed90d49 3edca53e 3ee726de 3f506eaa 401ab934 403172b1 40452bac 40b5e855 42128b7d 42dfc963 42fabd90 43c2662b '
	'441f713c 450ce251 45399ead 456e0b86 45940abd 45a547f6 469ee30c 46a2ec22 4756800e 4799adc2 47b0de38 47fda8dd 48552bdc 487362f0 48bc63d2 '
	'48f80c16 4935c99c 495f7a02 4988c000 49da28b6 4a7e8b48 4adee44d 4c2a6abb 4c4b306f 4c532208 4ccb4282 4cde2f2a 4d510d73 4e67259b 4f24f78b '
	'4f2f09bd 4f906242 4fdfda3e 508bb826 5090f2d0 512f326e 52289e5f 52af1bfc 52ff262c 53189b65 5331b2b4 54edb313 550016a7 553784f6 56556f36 '
	'5699be31 57310443 5787d0fb 580ef04e 58d46098 58ebee3c 590aa2ed 59590eea 5a121fc0 5a39665b 5a79a2b8 5b3914b1 5b47a4cd 5b685008 5c0aa716 '
	'5cdefb04 5cfdac11 5d11e47d 5ef6760f 5f9b2b03 5fd3d259 605cb3af 60d3a9b5 6132833f 61578ba4 617b7203 61a2e230 61fd528b 62829bc6 62b68f0f '
	'6368d3d5 63b979cf 642412df 64422314 64ef0688 65011ba5 65f39416 66e427e8 6726cc19 673c0fd0 67d753ba 6881e766 68b6091e 69231a84 69afbcf2 '
	'69f2ebe0 6a722069 6ade8731 6b15272a 6b8eb435 6b9fca76 6bac95a2 6d46e6fb 6d7ae744 6d91e449 6dab993b 6df759d7 6e40fc8e 6eef6ed0 6ef13280 '
	'6f051032 6f213feb 6fc52708 701a2dd3 703023a8 71bb2402 7253299c 7260d3e4 7333777c 7387ae9d 738e923a 73f7c520 74173fcd 742a1161 745a2bcf '
	'750c2feb 75f57226 76048e16 76d051c5 776ec53b 7889fd84 78e76b42 798400fb 7a4ee848 7ae0ddc8 7bc52ce1 7bde13c3 7d7e1d49 7de8f48d 7e9203a9 '
	'7ec97800 7ef95ca7 7f8595c4 7f99ee15 7fdb4f17 804e26f2 81100ebf 8172387c 81a09c5e 81eda658 8215d1bb 8219ce64 824476a7 836e3693 83cc702e '
	'846a4d66 847247d9 848739c9 84d23aaa 861b3318 8638ca83 875eb87d 87dec66c 88b397f4 88c97df8 88e86aa6 8916b8ae 899350cf 89ffbe69 8cf7384e '
	'8d1f4aa1 8e973f16 8ec48ef5 8ed0d2f4 8f27ff07 8f645f2b 8fa8b381 8faa763a 8fc1ecb4 8ff13257 90276ba5 911a7814 93de713f 94375bb0 9447dc2e '
	'9532049b 9535cc69 959d11ff 9602ad3a 968d7bad 9974834d 99b7e8f3 9b532997 9b7b507e 9bdb2333 9cc73395 9cdc6b24 9d30d9ac 9da59b4b 9dcf09f0 '
	'9de144ea 9e1d6014 9e41b6e4 9e832390 9fc3c856 a00164f7 a058f05d a077d37e a0eca011 a156542b a19529c7 a1e9e854 a3537534 a3711d20 a3d1b2dd '
	'a42f07f9 a45cf434 a48e7e19 a4d4710d a531d26a a5aec3ed a6222746 a6abcd60 a70c200a a8054afc a8625124 a86685f1 a8c22fa1 a90e655c a95067ab '
	'a96c31d4 aa1e19a6 aa7f8fd4 aa975cd6 aab95800 aab9fff7 abea8483 abfa07e4 ac2af122 ac935419 ad42cb23 adb6e2dc ae3e0234 ae654a86 afb1c1e3 '
	'afb67dfd afeb5b0b b0552b78 b0e7caa4 b0fb16d7 b24f943b b2a56ad8 b3258463 b33a1ee0 b3b04d26 b5097eec b55951e0 b62a43ee b62f6d62 b6c0935b '
	'b6e5441a b7977b82 b816d2c9 b8229023 b8a4b965 b8abf714 b9586df8 bca866ec be1ff638 bec74448 bf46d322 bfdfb33c c012ea06 c0458390 c0a307a5 '
	'c0fa0910 c1267a26 c1368223 c244bf71 c26da3a8 c28da253 c2a1cf3d c42ea734 c4773ab5 c4bf02ef c4dbc905 c4f8cf70 c5bfe5bb c5ddc420 c62bec36 '
	'c6fca0cf c75b2908 c76eab37 c82c5a3d c85ea991 c890709e c9359336 c9723671 c996d89c c99d9db1 c9e321dd ca7dd7d6 caad6291 cb04f17c cbb9aa4b '
	'cc5bd292 cd00827e cdf10937 ce1f2197 ce24312d ce284a3a ce6d3cc9 ce6d94e7 cf9fe37f d2d672d2 d3921081 d3d585f0 d465da53 d47f8795 d487f6b9 '
	'd50de2b3 d6941e7e d7ccd2ab d8a1d91b d8f65b2a da4655b2 da73959b da777d86 db17a628 db6b6540 dc9dc6e7 dca3f44b dd089338 dd495509 dd6f0382 '
	'ddd4bf46 de2aa735 df38ade6 df491a4d df7f3780 e0490bfc e0641264 e11388b0 e1307ca6 e1da9f00 e21099fe e2488ace e257dc83 e2af4a8a e30b1ce8 '
	'e341076f e348d837 e433d788 e47e59f2 e4f19516 e5e1c97d e6185b04 e6f431e9 e781fedd e7821448 e7cd2ab8 e7eb4b9a e88b5d34 e910df78 e9d34be4 '
	'e9ef5d03 e9fa8588 ea01d50b ea35b61a eb75537a ec815868 ed369f20 edd5e8af ee1f110b ee3e1438 ee42d738 eefbeb0f ef21208d ef8cbfdb efb1d751 '
	'f09b7dbc f0a51efe f0eb04c4 f15a340b f1a54e59 f2195ead f271883e f335a03b f335d99c f3cba12e f51cec2b f54ffbec f5652091 f67e3dce f70d6b37 '
	'f77d790e f77ebcd2 f78a26ca f8b8b022 f91a161d f9407b41 fa4ec3a3 fab3eeeb fb05b986 fb9f75dd fbe6f48c fc0b9b36 fd19c370 fd269603 ff6cb69d', ' ');
COMMENT ON FUNCTION mart_former_words() IS
'The comments that create_mart wrote in older formats, as the first eight digits of their MD5: upgrade_mart puts the present ones in their place, and '
'keeps all others. test/upgrade/README.md says where they come from.';
