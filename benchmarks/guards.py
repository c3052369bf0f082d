"""The guards that `benchmarks.mutations` takes away, each with what stands in its place and the test that must notice.

A row of docs/security.md has at least one here, and so has what else loses or blinds when it fails. Of each the text
stands once in its file; if it does not, the guard has moved and this list must follow (a test looks).
"""

from __future__ import annotations

from typing import NamedTuple


class Mutation(NamedTuple):
    """A guard, and what stands in its place once it is taken away."""

    guard: str
    file: str
    text: str
    instead: str
    test: str


MUTATIONS = (
    Mutation(
        "addresses are checked before they are dialled", "bot/fetch/guard.py",
        "    if not _public(ip):\n", "    if False:\n",
        "tests/test_guards.py::test_an_items_link_into_our_own_network_is_never_dialled",
    ),
    Mutation(
        "the checked address is dialled, not the name", "bot/fetch/dial.py",
        "        return resolve(host, port, self._settings, ipv4=self.ipv4, timeout=timeout)\n",
        "        resolve(host, port, self._settings, ipv4=self.ipv4, timeout=timeout)\n        return (host,)\n",
        "tests/test_security.py::"
        "test_a_name_that_changes_its_address_after_the_check_is_dialled_where_it_was_checked",
    ),
    Mutation(
        "a redirect to another host is not followed", "bot/fetch/hop.py",
        "    if site(url) != site(hop.url):\n", "    if False:\n",
        "tests/test_fetch.py::test_another_host_is_named_instead_of_visited",
    ),
    Mutation(
        "a key is not given away", "bot/fetch/hop.py",
        "    if hop.key and not _safe_for_key(hop.url, url):\n", "    if False:\n",
        "tests/test_fetch.py::test_a_redirect_never_gives_the_key_away",
    ),
    Mutation(
        "what is unpacked has a limit", "bot/fetch/decode.py",
        "        if size > limit:\n", "        if False:\n",
        "tests/test_fetch_decode.py::test_a_bomb_is_cut_at_the_limit",
    ),
    Mutation(
        "XML with entities of its own is refused", "bot/extract/feeds.py",
        "    if _RE_DANGER.search(body):\n", "    if False:\n",
        "tests/test_extract.py::test_xml_that_declares_entities_is_refused",
    ),
    Mutation(
        "pages escape what they show", "bot/web/shown.py",
        "autoescape=select_autoescape(default=True, default_for_string=True)", "autoescape=False",
        "tests/test_web.py::test_scraped_markup_is_inert",
    ),
    Mutation(
        "every route asks who comes", "bot/web/door.py",
        " if access.is_admitted(visit.reader, door.rule, request) else _refusal(visit, door)", "",
        "tests/test_web_access.py::test_a_stranger_reads_nothing_at_any_route",
    ),
    Mutation(
        "forms of other sites are refused", "bot/web/access.py",
        "        return bool(host) and host in {", "        return True or host in {",
        "tests/test_web_access.py::"
        "test_a_form_from_another_site_changes_nothing_though_the_cookies_come_with_it",
    ),
    Mutation(
        "Slack's signature is looked at", "bot/slack/events.py",
        "    return hmac.compare_digest(expected, signature)\n", "    return True\n",
        "tests/test_slack_commands.py::test_whatever_is_not_signed_by_slack_now_is_refused_and_does_nothing",
    ),
    Mutation(
        "a session that was planted ends with the next one", "bot/web/entrance.py",
        "        visit.app.log_out(visit.reader.secret)\n    response = RedirectResponse(after, 303)\n",
        "        secret = visit.reader.secret\n    response = RedirectResponse(after, 303)\n",
        "tests/test_security.py::test_a_session_that_came_along_ends_where_another_one_is_opened",
    ),
    Mutation(
        "secrets are taken out of what is said", "bot/logs.py",
        "            text = text.replace(form, HIDDEN)\n", "            pass\n",
        "tests/test_logs.py::test_whatever_a_secret_comes_in_by_it_does_not_go_out",
    ),
    # ---- looks
    Mutation(
        "only web addresses are fetched", "bot/fetch/hop.py",
        '    if url.scheme not in ("http", "https") or not url.raw_host:\n', "    if False:\n",
        "tests/test_fetch.py::test_only_web_addresses_are_followed",
    ),
    Mutation(
        "only web addresses are declared", "bot/sources/rules.py",
        '    if parts.scheme not in ("http", "https"):\n', "    if False:\n",
        "tests/test_security.py::test_only_web_addresses_can_be_declared",
    ),
    Mutation(
        "one forbidden address spoils a name", "bot/fetch/guard.py",
        "    for address in addresses:\n        check(", "    for address in addresses[:1]:\n        check(",
        "tests/test_fetch.py::test_one_forbidden_address_spoils_a_name",
    ),
    Mutation(
        "numbers in disguise are no names", "bot/fetch/guard.py",
        '    if last.isdigit() or last.startswith("0x") or ":" in name or not name.isascii():\n', "    if False:\n",
        "tests/test_fetch_guard.py::test_numbers_in_disguise_are_forbidden_before_any_resolver_sees_them",
    ),
    Mutation(
        "credentials in an address are refused", "bot/fetch/hop.py",
        "    if url.userinfo:\n", "    if False:\n",
        "tests/test_fetch_guard.py::test_addresses_that_mislead_are_refused",
    ),
    Mutation(
        "system ports are closed", "bot/fetch/guard.py",
        "    if not allowed:\n", "    if False:\n",
        "tests/test_fetch_guard.py::test_system_ports_are_closed_but_for_the_webs_own",
    ),
    Mutation(
        "a rendered page asks through the guard", "bot/fetch/rendering.py",
        "            answer = self._fetcher.get(_source(request, ipv4=self._order.ipv4), allowed=self._allowed)\n",
        "            route.continue_()\n            return\n",
        "tests/test_render.py::"
        "test_a_list_that_scripts_fill_is_read_and_the_guard_stands_between_the_page_and_everything",
    ),
    Mutation(
        "bytes on the wire are counted", "bot/fetch/dial.py",
        "        if self.room < 0:\n", "        if False:\n",
        "tests/test_fetch.py::test_interim_answers_without_end_are_cut_off",
    ),
    Mutation(
        "a visit as a whole has a deadline", "bot/fetch/dial.py",
        "        left = self.until - monotonic()\n", "        left = 1e9\n",
        "tests/test_fetch.py::test_a_server_that_drips_is_left_at_the_deadline",
    ),
    # ---- reading
    Mutation(
        "parts of an archive have a limit", "bot/extract/parts.py",
        "        if len(found) > MAX_PART or self._read > MAX_ALL:\n", "        if False:\n",
        "tests/test_extract_office.py::test_a_zip_bomb_is_too_large",
    ),
    Mutation(
        "parts of an archive are counted", "bot/extract/parts.py",
        "        if len(self.names) > MAX_PARTS:\n", "        if False:\n",
        "tests/test_extract_office.py::test_many_parts_are_too_large",
    ),
    Mutation(
        "the reading child has little memory", "bot/child.py",
        "        _limit(child.pid, memory)\n", "",
        "tests/test_security.py::test_a_body_that_takes_more_memory_than_a_reader_may_have_ends_in_a_cause",
    ),
    Mutation(
        "pages of a PDF are counted", "bot/extract/pdf.py",
        "        if count > MAX_PAGES:\n", "        if False:\n",
        "tests/test_extract_pdf.py::test_very_many_pages_are_too_large",
    ),
    Mutation(
        "Office files with a DTD are refused", "bot/extract/parts.py",
        "    if root.getroottree().docinfo.doctype:\n", "    if False:\n",
        "tests/test_extract_office.py::test_entities_and_broken_markup_are_refused",
    ),
    Mutation(
        "attributes of a tag are counted", "bot/extract/html.py",
        "        if len(tag[0].split(None, MAX_ATTRIBUTES + 1)) > MAX_ATTRIBUTES:\n", "        if False:\n",
        "tests/test_extract.py::test_a_tag_with_many_attributes_ends_in_a_cause",
    ),
    Mutation(
        "a list without items is no list", "bot/honesty/against.py",
        "    if before < MANY or (_items(blocks) and not _is_placeholder(memory, blocks)):\n", "    if True:\n",
        "tests/test_promises.py::test_4_a_list_without_its_items_is_failed_and_they_do_not_come_back_as_new",
    ),
    # ---- pages
    Mutation(
        "only web addresses become links", "bot/web/shown.py",
        'lambda url: urlsplit(url).scheme in {"http", "https"}', "lambda url: True",
        "tests/test_web.py::test_only_web_addresses_become_links",
    ),
    Mutation(
        "what was fetched is saved, never shown", "bot/web/changes.py",
        "        \"Content-Disposition\": f'attachment; filename=\"{name}\"',\n", "",
        "tests/test_security.py::test_a_page_as_it_was_fetched_is_saved_and_never_shown_as_ours",
    ),
    Mutation(
        "every answer has our headers", "bot/web/guard.py",
        "                    headers.setdefault(name, value)\n", "                    pass\n",
        "tests/test_web.py::test_every_answer_carries_the_headers_that_keep_browsers_quiet",
    ),
    Mutation(
        "names that are not ours are refused", "bot/web/guard.py",
        "        if not self._knows(host_of(headers)):\n", "        if False:\n",
        "tests/test_web.py::test_another_host_name_is_refused_so_that_a_foreign_page_cannot_reach_us",
    ),
    Mutation(
        "forms carry a token of ours", "bot/web/door.py",
        "    if door.rule is not Rule.SECRET and not visit.access.is_ours(",
        "    if False and not visit.access.is_ours(",
        "tests/test_web_access.py::test_what_changes_something_wants_a_form_of_ours_at_every_route",
    ),
    Mutation(
        "guesses of the token are counted", "bot/web/entrance.py",
        '    if not visit.access.guesses.admits(f"login {address_of(visit.request)}"):\n', "    if False:\n",
        "tests/test_web_access.py::test_a_wrong_token_is_refused_and_after_ten_of_them_so_is_the_right_one",
    ),
    Mutation(
        "strangers may ask so much", "bot/web/access.py",
        "        return not self.strangers.admits(where)\n", "        return False\n",
        "tests/test_web_access.py::test_whoever_asks_faster_than_anybody_reads_is_told_to_wait",
    ),
    Mutation(
        "large bodies are refused unread", "bot/web/guard.py",
        "        if not length.isdecimal() or int(length[:12]) > BODY_LIMIT:\n", "        if False:\n",
        "tests/test_web_access.py::test_a_body_larger_than_anything_of_ours_is_refused_unread",
    ),
    Mutation(
        "connections of visitors are counted", "bot/web/patience.py",
        "        if len(self.connections) > self._most:\n", "        if False:\n",
        "tests/test_faults.py::test_visitors_who_never_finish_asking_keep_nobody_from_the_pages",
    ),
    Mutation(
        "logging in leads to a path of ours", "bot/web/access.py",
        '    return text if safe and len(text) < 1_000 else "/"\n', "    return text\n",
        "tests/test_web_access.py::test_logging_in_never_leads_to_another_site",
    ),
    Mutation(
        "a link opens once", "bot/app/doors.py",
        '        ticket = self._valid("link", token, once=True)\n',
        '        ticket = self._valid("link", token, once=False)\n',
        "tests/test_web_access.py::"
        "test_a_link_opens_the_pages_once_within_ten_minutes_and_looking_at_it_does_not_use_it_up",
    ),
    Mutation(
        "whoever came by a link only reads", "bot/web/access.py",
        '        return self.how in {"home", "token", "bearer"}\n', "        return self.may_read\n",
        "tests/test_web_access.py::test_whoever_came_by_a_link_reads_and_changes_nothing_that_is_others",
    ),
    Mutation(
        "another token ends the sessions", "bot/app/doors.py",
        '        return str(content.get("by", "")) if is_in_force else ""\n',
        '        return str(content.get("by", ""))\n',
        "tests/test_web_access.py::test_a_session_ends_when_another_token_is_in_force_however_it_began",
    ),
    Mutation(
        "sessions are kept from scripts", "bot/web/entrance.py",
        '        httponly=True,\n        samesite="lax",\n        secure=visit.access.secure,\n',
        '        samesite="lax",\n        secure=visit.access.secure,\n',
        "tests/test_web_access.py::test_whoever_logs_in_has_a_session_that_scripts_and_other_sites_cannot_use",
    ),
    Mutation(
        "only hashes of secrets are stored", "bot/app/doors.py",
        '    return sha256(secret.encode("utf-8", "replace")).digest()\n',
        '    return secret.encode("utf-8", "replace")\n',
        "tests/test_web_access.py::test_only_hashes_of_secrets_are_kept",
    ),
    Mutation(
        "nobody is subscribed unasked", "bot/app/consent.py",
        'asked = Subscription(0, "email", self._mail_address(address), filters or Filters(), mode=ASKED)',
        'asked = Subscription(0, "email", self._mail_address(address), filters or Filters(), mode="instant")',
        "tests/test_consent.py::test_nothing_is_sent_to_an_address_before_whoever_reads_it_has_confirmed",
    ),
    # ---- Slack, mail, terminals, models
    Mutation(
        "Slack's requests are from now", "bot/slack/events.py",
        "    if abs(now - int(stamp)) > PATIENCE:\n", "    if False:\n",
        "tests/test_slack_commands.py::test_whatever_is_not_signed_by_slack_now_is_refused_and_does_nothing",
    ),
    Mutation(
        "each signature counts once", "bot/slack/events.py",
        "        if not self._seen.is_new(signature, now=now):", "        if False:",
        "tests/test_slack_commands.py::test_the_same_request_does_not_count_twice",
    ),
    Mutation(
        "other workspaces are refused", "bot/slack/asker.py",
        "    if not {asker.team, asker.enterprise, asker.user} & (own | set(allowed)):\n", "    if False:\n",
        "tests/test_slack_commands.py::test_people_of_another_workspace_are_refused_with_a_sentence",
    ),
    Mutation(
        "who is not on the list changes nothing", "bot/slack/asker.py",
        "    if allowed and not {asker.user, asker.channel, asker.team, asker.enterprise} & set(allowed):\n",
        "    if False:\n",
        "tests/test_slack_commands.py::test_who_is_not_on_the_list_may_look_up_and_change_nothing",
    ),
    Mutation(
        "text is escaped for Slack", "bot/messages/mrkdwn.py",
        '    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")\n', "    return text\n",
        "tests/test_slack_commands.py::test_hostile_titles_and_texts_act_nowhere",
    ),
    Mutation(
        "a subject is one line", "bot/messages/mail.py",
        '    line = " ".join(clean(text).split())\n', "    line = text\n",
        "tests/test_mail.py::test_a_hostile_title_can_forge_no_header_and_run_nothing",
    ),
    Mutation(
        "no mail in the clear", "bot/channels/email.py",
        "            smtp.starttls(context=self._context())\n", "            pass\n",
        "tests/test_mail.py::test_a_server_without_starttls_gets_no_mail_in_the_clear",
    ),
    Mutation(
        "the mail server's certificate is verified", "bot/channels/email.py",
        "        return self._tls or ssl.create_default_context()\n",
        "        return ssl._create_unverified_context()\n",
        "tests/test_mail.py::test_a_certificate_that_cannot_be_verified_or_a_wrong_login_hands_nothing_in",
    ),
    Mutation(
        "controls are taken out", "bot/messages/clean.py",
        '    return _HARMFUL.sub("", _SPACES.sub(" ", _ESCAPES.sub("", text)))\n', "    return text\n",
        "tests/test_messages.py::test_nothing_scraped_reaches_a_terminal_as_a_control",
    ),
    Mutation(
        "a model quotes what stands there", "bot/llm.py",
        '    return long_enough and any(words in " ".join(text.split()) for text in texts)\n', "    return True\n",
        "tests/test_llm.py::test_a_lie_is_refused",
    ),
    Mutation(
        "a model silences nothing", "bot/llm.py",
        '    if finding.verdict == "relevant":\n', "    if False:\n",
        "tests/test_llm.py::test_what_the_rules_call_relevant_stays_relevant_and_the_doubt_is_on_record",
    ),
    # ---- the store, evidence, promises
    Mutation(
        "nothing typed is put into SQL", "storage/room.py",
        '"SELECT id FROM word WHERE text = ?", (text,)', 'f"SELECT id FROM word WHERE text = {text!r}"',
        "tests/test_security.py::test_nothing_that_anybody_wrote_is_ever_put_into_sql",
    ),
    Mutation(
        "rows are held against the ledger", "storage/ledger.py",
        "        if not _intact(db, kind, row, content):\n", "        if False:\n",
        "tests/test_store_safety.py::test_whoever_changes_a_recorded_row_is_found_out",
    ),
    Mutation(
        "changes stand in the ledger", "storage/record.py",
        "        ledger.append(db, ledger.CHANGE, number)\n", "",
        "tests/test_store_safety.py::test_whoever_changes_a_recorded_row_is_found_out",
    ),
    Mutation(
        "rows that nobody sealed are found", "storage/ledger.py",
        "    for kind, rows in SEALED.items():\n", "    for kind, rows in {}.items():\n",
        "tests/test_store_safety.py::test_whoever_changes_a_recorded_row_is_found_out",
    ),
    Mutation(
        "the ledger is append-only", "storage/migrations.py",
        '    """CREATE TRIGGER ledger_is_never_altered BEFORE UPDATE ON ledger\n',
        '    """CREATE TRIGGER ledger_is_never_altered BEFORE INSERT ON ledger WHEN 0\n',
        "tests/test_store_safety.py::test_the_ledger_is_append_only",
    ),
    Mutation(
        "an export's container is sealed", "bot/evidence/verifier.py",
        "    check_seal(whole)\n", "",
        "tests/test_evidence.py::test_one_flipped_bit_anywhere_is_found",
    ),
    Mutation(
        "a file stands once in an export", "bot/evidence/verifier.py",
        "        if info.filename in members:\n", "        if False:\n",
        "tests/test_evidence.py::test_a_container_that_was_made_anew_shows_nothing_that_was_not_verified",
    ),
    Mutation(
        "nothing in an export is packed", "bot/evidence/verifier.py",
        "    if (flags, method, packed, size) != plain or told != plain:\n", "    if False:\n",
        "tests/test_evidence.py::test_a_container_that_was_made_anew_shows_nothing_that_was_not_verified",
    ),
    Mutation(
        "an export verifies itself", "bot/app/evidence.py",
        "            evidence.verify(str(path))\n", "            pass\n",
        "tests/test_evidence.py::"
        "test_what_was_altered_in_the_store_is_said_by_the_export_and_by_whoever_verifies_it",
    ),
    Mutation(
        "what is said is claimed first", "bot/deliver.py",
        "            self.store.claim(row, payload, now=self.clock())\n", "            pass\n",
        "tests/test_faults_kills.py::"
        "test_killed_before_or_after_any_transaction_nothing_is_lost_and_a_repetition_is_marked",
    ),
    Mutation(
        "a channel that hangs has a thread of its own", "bot/deliver.py",
        "        threading.Thread(target=_run, args=(lane, done, enough), daemon=True).start()\n",
        "        _run(lane, done, enough)\n",
        "tests/test_faults.py::test_a_channel_that_hangs_keeps_nobody_else_waiting",
    ),
    Mutation(
        "a channel that hangs has a drain of its own", "bot/scheduler.py",
        '            **{f"delivering:{name}": partial(app.deliver_all, only=name) for name in app.channels},\n',
        '            **{f"delivering:{name}": app.deliver_all for name in list(app.channels)[:1]},\n',
        "tests/test_faults.py::test_the_service_goes_on_telling_while_a_channel_hangs",
    ),
    Mutation(
        "a home is held by one", "storage/lock.py",
        "            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)\n", "            pass\n",
        "tests/test_store_safety.py::test_the_home_is_held_by_one_and_the_other_is_told_by_whom",
    ),
    Mutation(
        "a newer store is refused", "storage/connection.py",
        "        if age > LATEST:\n", "        if False:\n",
        "tests/test_store_safety.py::test_a_newer_database_is_refused",
    ),
    Mutation(
        "nothing goes while it is held", "storage/keeping.py",
        '            if db.execute("SELECT 1 FROM hold WHERE ended IS NULL").fetchone():\n', "            if False:\n",
        "tests/test_keeping.py::test_while_somebody_holds_nothing_is_let_go",
    ),
    Mutation(
        "a backup is checked", "storage/keeping.py",
        "            check(path)\n        except StoreError:\n", "            pass\n        except StoreError:\n",
        "tests/test_faults.py::"
        "test_a_damaged_page_of_the_store_is_said_in_one_line_and_never_copied_into_a_backup",
    ),
    Mutation(
        "files with secrets are named", "bot/app/doctor.py",
        "            if secret and file.stat().st_mode & OTHERS:\n", "            if False:\n",
        "tests/test_doctor.py::test_secrets_that_everybody_on_the_machine_may_read_are_named",
    ),
    # ---- faults
    Mutation(
        "an error of the disk is ours to say", "storage/connection.py",
        '    sqlite3.SQLITE_IOERR: "the disk could not be read or written",\n', "",
        "tests/test_faults.py::test_a_full_disk_is_one_line_loses_nothing_and_all_is_told_once_there_is_room",
    ),
    Mutation(
        "another writer is waited for", "storage/connection.py",
        "PATIENCE: Final = 10_000 ", "PATIENCE: Final = 0 ",
        "tests/test_faults.py::test_another_program_that_holds_the_store_for_a_moment_is_waited_for",
    ),
    Mutation(
        "rows that cannot be decoded are damage", "storage/connection.py",
        "    except kinds as error:\n", "    except ZeroDivisionError as error:\n",
        "tests/test_faults.py::test_a_row_whose_bytes_were_damaged_is_said_in_one_line_by_whoever_needs_it",
    ),
    Mutation(
        "the whole file is walked by doctor", "bot/app/doctor.py",
        "    wrong = app.store.damage() or app.store.verify()\n", "    wrong = app.store.verify()\n",
        "tests/test_doctor.py::test_a_damaged_file_is_found_though_no_look_up_meets_the_damage",
    ),
    Mutation(
        "looks ahead of the clock keep nobody from looking", "bot/schedule.py",
        "    if last is None or last > now:\n", "    if last is None:\n",
        "tests/test_faults.py::test_a_clock_that_ran_a_year_ahead_and_was_set_back_blinds_and_silences_nobody",
    ),
    Mutation(
        "attempts ahead of the clock keep no message back", "bot/deliver.py",
        "        return row.due is None or row.due <= self.clock() or bool(ahead)\n",
        "        return row.due is None or row.due <= self.clock()\n",
        "tests/test_faults.py::test_a_message_that_failed_in_a_future_that_never_came_is_tried_again_now",
    ),
    Mutation(
        "drains ahead of the clock are run now", "bot/scheduler.py",
        "                job.modify(next_run_time=now)\n", "                pass\n",
        "tests/test_scheduler.py::test_a_clock_that_was_set_back_holds_nothing_up",
    ),
    Mutation(
        "a resolver is not waited for", "bot/fetch/guard.py",
        "    thread.join(timeout)\n", "    thread.join()\n",
        "tests/test_faults.py::test_a_resolver_that_never_answers_ends_in_a_cause",
    ),
    Mutation(
        "a kept connection that is gone is opened again", "bot/fetch/fetcher.py",
        '            if client.backend.dialled != before or hop.method != "GET":\n', "            if True:\n",
        "tests/test_fetch.py::test_a_kept_connection_that_the_server_closed_is_opened_again",
    ),
    Mutation(
        "certificates are verified", "bot/fetch/client.py",
        "    return ssl.create_default_context(cafile=verify) if verify else httpx.create_ssl_context()\n",
        "    return ssl._create_unverified_context()\n",
        "tests/test_fetch.py::test_tls_is_verified_by_name_though_a_checked_address_is_dialled",
    ),
    Mutation(
        "a mistake of ours fails one look", "bot/look.py",
        "    except Exception as error:  # a bug of ours", "    except ZeroDivisionError as error:  # a bug of ours",
        "tests/test_look.py::test_a_bug_of_ours_is_a_failed_look_with_its_bytes_and_stops_nobody_else",
    ),
    Mutation(
        "a worker that died is replaced", "bot/crew/processes.py",
        "            self._pool = self._made()\n            return", "            return",
        "tests/test_crew.py::test_a_worker_process_that_is_killed_costs_no_look_and_none_is_recorded_twice",
    ),
    Mutation(
        "workers end with their coordinator", "bot/crew/processes.py",
        "        os._exit(1)\n", "        pass\n",
        "tests/test_crew.py::test_worker_processes_end_with_a_coordinator_that_is_killed",
    ),
    Mutation(
        "our own line is told, not its sources", "bot/alarms.py",
        "    held_back = ours and standing.cause in LINE\n", "    held_back = False\n",
        "tests/test_alarms.py::test_when_nearly_all_fail_on_the_way_our_own_line_is_told_and_no_source",
    ),
    Mutation(
        "a place that failed keeps its order", "bot/deliver.py",
        "            if self._holds(sent):\n                stuck.add(place)\n", "",
        "tests/test_slack_faults.py::test_after_a_fault_order_is_kept_and_the_other_channel_does_not_wait",
    ),
    Mutation(
        "those waiting longest come first", "bot/schedule.py",
        "    return [source for _, _, source in sorted(waiting) if _fits(source, taken)]\n",
        "    return [source for _, _, source in waiting if _fits(source, taken)]\n",
        "tests/test_schedule.py::test_those_waiting_longest_come_first",
    ),
    # ---- the container
    Mutation(
        "the container is not root", "Dockerfile",
        "USER 10001:10001\n", "USER 0:0\n",
        "tests/test_security.py::"
        "test_every_container_runs_without_root_without_capabilities_and_on_a_read_only_system",
    ),
)  # fmt: skip
