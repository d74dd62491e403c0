"""zigpy definitions of the Tunneling cluster, which zigpy 2.4.0 registers empty.

This file uses zigpy (GPL-3.0), installed separately as a development dependency. The meter is the CLIENT: it sends what
stands in ServerCommandDefs. Source: ZSE 1.4 D.6 (Tunneling).
"""

from typing import cast

import zigpy.types as t
from zigpy.zcl import Cluster
from zigpy.zcl.foundation import BaseCommandDefs

from host_tests.zigpy_host.clusters import command


class Tunneling(Cluster):
    """Cluster 0704, the commands of both directions that a tunnel without flow control needs.

    Transfer Data with the octet that a sleepy meter's transfers begin with (GBCS 10.2.3).
    """

    cluster_id = cast("t.uint16_t", 0x0704)
    ep_attribute = "smartenergy_tunneling"

    class ServerCommandDefs(BaseCommandDefs):
        """Client to server: what the meter sends, frame control 01 or 11."""

        request_tunnel = command(
            0x00,
            {
                "protocol_id": t.uint8_t,
                "manufacturer_code": t.uint16_t,
                "flow_control_support": t.Bool,
                "maximum_incoming_transfer_size": t.uint16_t,
            },
        )
        close_tunnel = command(0x01, {"tunnel_id": t.uint16_t})
        transfer_data = command(0x02, {"tunnel_id": t.uint16_t, "kind": t.uint8_t, "message": t.Bytes})
        transfer_data_error = command(0x03, {"tunnel_id": t.uint16_t, "transfer_status": t.uint8_t})

    class ClientCommandDefs(BaseCommandDefs):
        """Server to client: what reaches the meter."""

        request_tunnel_response = command(
            0x00,
            {
                "tunnel_id": t.uint16_t,
                "tunnel_status": t.uint8_t,
                "maximum_incoming_transfer_size": t.uint16_t,
            },
        )
        transfer_data = command(0x01, {"tunnel_id": t.uint16_t, "kind": t.uint8_t, "message": t.Bytes})
        transfer_data_error = command(0x02, {"tunnel_id": t.uint16_t, "transfer_status": t.uint8_t})
        supported_tunnel_protocols_response = command(
            0x05,
            {"protocol_list_complete": t.Bool, "protocol_count": t.uint8_t, "protocols": t.Bytes},
        )
        tunnel_closure_notification = command(0x06, {"tunnel_id": t.uint16_t})
