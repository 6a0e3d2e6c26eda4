"""What Streamlit knows of the sessions of this process, for the gate before it: who is connected, who was drawn an uploader, what is parked.

And what of its messages goes no further: orders that no control of ours gives, and paths of this machine.
"""

from __future__ import annotations

from contextlib import suppress

from google.protobuf.message import DecodeError
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime import Runtime

_ORDERS = frozenset({"rerun_script", "stop_script", "file_urls_request", "app_heartbeat", "backend_operation_request"})
_OPERATIONS = frozenset({"deferred_file", "dataframe_chunk"})
_UPLOADERS = "file_uploader_state_value"
_NEW_SESSION = 0x22  # how its field of a ForwardMsg begins
_SHORT = 1 << 16  # bytes: no message about a session is longer


def is_connected(session_id: str) -> bool:
    """Whether a browser is connected to the session now."""
    return Runtime.exists() and Runtime.instance().is_active_session(session_id)


def has_uploader(session_id: str) -> bool:
    """Whether the screen that the session sees holds a control for files."""
    session = Runtime.instance().get_app_session(session_id) if Runtime.exists() else None
    if session is None:
        return False
    drawn = session.session_state._new_widget_state
    held = {*drawn.states, *session.session_state._old_state}
    return any(about.value_type == _UPLOADERS and name in held for name, about in list(drawn.widget_metadata.items()))


def parked_bytes() -> int:
    """Memory that uploads of all sessions take."""
    return Runtime.instance().uploaded_file_mgr._total_bytes if Runtime.exists() else 0


def free_parked() -> None:
    """Frees the uploads of sessions to which no browser is connected any more."""
    if not Runtime.exists():
        return
    parked = Runtime.instance().uploaded_file_mgr
    for session_id in list(parked.file_storage):
        if not is_connected(session_id):
            parked.remove_session_files(session_id)


def is_order(message: bytes) -> bool:
    """Whether a browser's message is one that our screens send. Clearing the caches of all viewers, or installing things, is not."""
    try:
        told = BackMsg.FromString(message)
    except DecodeError:
        return True  # Streamlit closes the connection over it
    kind = told.WhichOneof("type")
    if kind == "backend_operation_request":
        part = told.backend_operation_request
        return any(part.WhichOneof(choice.name) in _OPERATIONS for choice in part.DESCRIPTOR.oneofs)
    return kind in _ORDERS


def session_told(message: bytes) -> tuple[bytes, str]:
    """(the message, the session's id) of one that opens a session's run: without paths and versions of this machine. Others: as they are, ''."""
    if len(message) > _SHORT or _NEW_SESSION not in message[:80]:
        return message, ""
    told = ForwardMsg()
    with suppress(DecodeError):
        told.ParseFromString(message)
    if told.WhichOneof("type") != "new_session":
        return message, ""
    session = told.new_session
    session.main_script_path = session.main_script_path.replace("\\", "/").rpartition("/")[2]
    about = session.initialize.environment_info
    about.python_version = about.server_os = ""
    return told.SerializeToString(), session.initialize.session_id
