# For drgn: every thread with its stack.
for thread in prog.threads():
    print(f"Thread {thread.tid}\n{thread.stack_trace()}")
