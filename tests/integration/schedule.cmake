# What ctest must know of the tests to fill two cores: those that take long begin first, those that compute count for three.
# Everything else waits for timers most of its time. Measured with the dev preset (wall seconds, processor time).
set(long_tests
    removed_files_are_noticed 34
    reload_hands_sockets_over 33
    returning_device_is_not_refused_for_its_own_ghost 28
    udp_silence_of_the_gateway_is_not_the_devices 26
    rates_of_a_device_slow_it_down 25
    udp_in_order_devices_live_on_a_lossy_path 24
    tools_end_with_a_reason_when_nobody_reads_them 21
    revocation_does_not_wait_for_the_disk 19
    hung_up_devices_are_read_within_the_bound 18
    udp_undelivered_messages_are_reported 16
    array_crypto_requests_are_bounded 13
    failed_connects_that_stay_open_do_not_keep_a_device_out 13
    reload_disturbs_none_of_thousands 13
    sessions_that_began_together_end_apart 12
    udp_cookies_auto_asks_during_a_flood_only 12
    device_that_comes_and_goes_does_not_fill_the_log 11
    half_records_make_way_for_others 10
    udp_session_limits_hold 10
    upss_attacks_are_refused_or_told 8
    upss_keys_are_made_or_given 7
    upss_stock_devices_talk_end_to_end 6
    upss_limits_hold 6
    half_written_files_are_not_loaded 9
    nothing_secret_of_keyed_sets_is_told 9
    lost_log_lines_are_counted 8
    one_backend_floods_and_nobody_else_waits 8
    udp_lossy_path_loses_and_repeats_nothing 8
    backend_with_a_full_accept_queue_is_no_connection 7
    closing_window_of_a_gateway_key_cuts 7
    limits_and_timeouts_change_at_run_time 7
    flood_of_hellos_keeps_no_slow_device_out 6
    newest_session_of_a_device_stays 6
    proven_devices_come_first 6
    udp_handshake_frames_are_repeated_until_acknowledged 6
    udp_wrong_key_locks_nobody_out 6
    closing_window_cuts_live_sessions 5
    handshake_is_judged_by_the_keys_of_its_end 5
    last_of_quick_changes_counts 5
    pssst_an_accepted_request_is_never_accepted_again 5
    udp_gateway_changes_keys_at_its_frame_budget 5
    waiting_for_the_backend_is_not_idleness 5
)
set(computing_tests
    hung_up_devices_are_read_within_the_bound
    reload_disturbs_none_of_thousands
    nothing_secret_of_keyed_sets_is_told
    lost_log_lines_are_counted
    one_backend_floods_and_nobody_else_waits
    import_does_not_hold_up_the_exit
    key_file_is_raw_or_one_line_with_a_prefix
    reload_under_load
    spp_junk_hellos_keep_no_device_out
    bad_configurations_are_explained
    bad_credential_files_are_explained
    check_says_what_the_start_says
    device_that_does_not_read_disturbs_no_other
    urgent_data_does_not_lift_the_bound
    whole_fleet_rotation_in_a_store
    bad_keyed_credential_files_are_explained
    every_loss_has_a_counter
    pssst_files_of_gateway_keys_are_kept_safe
    pssst_junk_takes_a_part_of_a_core_only
    pssst_no_device_pushes_out_what_is_anothers
    secrets_of_the_own_group_are_accepted
    yaml_mistakes_are_explained
    ctl_keygen_makes_key_pairs
    misspelt_words_are_answered_in_one_line
    second_sigterm_ends_at_once
)
